using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using PSConvNet.Hosting;

namespace PSConvNet.Shell;

/// <summary>The engine's questions to the person: choices, missing parameters, credentials.</summary>
internal sealed class ConsoleQuestions(Terminal terminal, ConsoleReader reader)
{
    /// <summary>Asks for one of several choices and gives its index; an empty answer takes the default.</summary>
    public int AskChoice(string? caption, string? message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Head(caption, message);
        while (true)
        {
            int[] defaults = defaultChoice >= 0 && defaultChoice < choices.Count ? [defaultChoice] : [];
            var answer = Ask(ChoiceMenu.Line(choices, defaults));
            if (answer.Length == 0 && defaults is [var chosen])
                return chosen;
            if (Choose(choices, answer) is { } index)
                return index;
        }
    }

    /// <summary>Asks for any number of choices, one an answer, until an empty one.</summary>
    public Collection<int> AskChoices(
        string? caption,
        string? message,
        Collection<ChoiceDescription> choices,
        IEnumerable<int>? defaultChoices
    )
    {
        Head(caption, message);
        int[] defaults = [.. defaultChoices ?? []];
        var chosen = new Collection<int>();
        while (true)
        {
            var answer = Ask(
                ChoiceMenu.Line(choices, defaults)
                    + string.Create(CultureInfo.InvariantCulture, $"\nChoice[{chosen.Count}]: ")
            );
            if (answer.Length == 0)
                return chosen.Count == 0 ? [.. defaults] : chosen;
            if (Choose(choices, answer) is { } index)
                chosen.Add(index);
        }
    }

    /// <summary>Asks for the values of named fields, as for mandatory parameters that were not given.</summary>
    public Dictionary<string, PSObject> AskFields(string? caption, string? message, Collection<FieldDescription> fields)
    {
        Head(caption, message);
        var answers = new Dictionary<string, PSObject>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in fields)
            answers[field.Name] = PSObject.AsPSObject(AskField(field)!);
        return answers;
    }

    /// <summary>Asks for a user's name, where none is given, and for a password.</summary>
    public PSCredential AskCredential(string? caption, string? message, string? userName)
    {
        Head(caption, message);
        while (string.IsNullOrEmpty(userName))
            userName = Ask("User: ");
        terminal.WritePrompt($"Password for user {userName}: ");
        return new(userName, reader.ReadSecret());
    }

    private object? AskField(FieldDescription field)
    {
        var type = LanguagePrimitives.TryConvertTo<Type>(field.ParameterAssemblyFullName, out var found)
            ? found
            : typeof(string);
        var label = field.Name;
        if (type == typeof(PSCredential))
            return AskCredential(null, null, null);
        if (type == typeof(SecureString))
        {
            terminal.WritePrompt($"{label}: ");
            return reader.ReadSecret();
        }
        if (!type.IsArray)
            return AskValue($"{label}: ", field, type);
        var items = new List<object?>();
        while (Ask($"{label}[{items.Count}]: ") is { Length: > 0 } item)
            items.Add(item);
        return LanguagePrimitives.ConvertTo(items.ToArray(), type, CultureInfo.InvariantCulture);
    }

    private object? AskValue(string label, FieldDescription field, Type type)
    {
        while (true)
        {
            var answer = Ask(label);
            if (answer is "!?" && !string.IsNullOrEmpty(field.HelpMessage))
                terminal.WritePrompt(field.HelpMessage + Environment.NewLine);
            else if (answer.Length == 0 && field.DefaultValue is not null)
                return field.DefaultValue.BaseObject;
            else if (LanguagePrimitives.TryConvertTo(answer, type, CultureInfo.InvariantCulture, out var value))
                return value;
            else
                terminal.WritePrompt($"'{answer}' is no {type.Name}.{Environment.NewLine}");
        }
    }

    private int? Choose(Collection<ChoiceDescription> choices, string answer)
    {
        if (ChoiceMenu.Choose(choices, answer) is { } index)
            return index;
        if (answer is "?")
        {
            foreach (var line in ChoiceMenu.Help(choices))
                terminal.WritePrompt(line + Environment.NewLine);
        }
        return null;
    }

    private void Head(string? caption, string? message)
    {
        foreach (var line in new[] { caption, message })
            if (!string.IsNullOrEmpty(line))
                terminal.WritePrompt(line + Environment.NewLine);
    }

    private string Ask(string question)
    {
        terminal.WritePrompt(question);
        return (reader.ReadLine() ?? throw ConsoleReader.AtEnd()).Trim();
    }
}
