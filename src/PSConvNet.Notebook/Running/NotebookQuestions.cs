using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace PSConvNet.Notebook;

/// <summary>
/// The engine's questions: choices, missing parameters, credentials. A frontend shows one field with one text beside it, so each
/// question carries all there is to say.
/// </summary>
/// <param name="ask">Asks one question; the second argument is whether its answer is secret.</param>
internal sealed class NotebookQuestions(Func<string, bool, string> ask)
{
    /// <summary>Asks for one of several choices and gives its index; an empty answer takes the default.</summary>
    public int AskChoice(string? caption, string? message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        int[] defaults = defaultChoice >= 0 && defaultChoice < choices.Count ? [defaultChoice] : [];
        var head = Head(caption, message);
        while (true)
        {
            var answer = Ask(head + ChoiceMenu.Line(choices, defaults));
            if (answer.Length == 0 && defaults is [var chosen])
                return chosen;
            if (ChoiceMenu.Choose(choices, answer) is { } index)
                return index;
            head = answer is "?" ? HelpOf(choices) : $"'{answer}' isn't one of the choices.\n";
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
        int[] defaults = [.. defaultChoices ?? []];
        var head = Head(caption, message);
        var chosen = new Collection<int>();
        while (true)
        {
            var number = string.Create(CultureInfo.InvariantCulture, $"Choice[{chosen.Count}]: ");
            var answer = Ask($"{head}{ChoiceMenu.Line(choices, defaults)}\n{number}");
            if (answer.Length == 0)
                return chosen.Count == 0 ? [.. defaults] : chosen;
            if (ChoiceMenu.Choose(choices, answer) is { } index)
                chosen.Add(index);
            head = answer is "?" ? HelpOf(choices) : "";
        }
    }

    /// <summary>Asks for the values of named fields, as for mandatory parameters that were not given.</summary>
    public Dictionary<string, PSObject> AskFields(string? caption, string? message, Collection<FieldDescription> fields)
    {
        var head = Head(caption, message);
        var answers = new Dictionary<string, PSObject>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in fields)
        {
            answers[field.Name] = PSObject.AsPSObject(AskField(head, field)!);
            head = "";
        }
        return answers;
    }

    /// <summary>Asks for a user's name, where none is given, and for a password.</summary>
    public PSCredential AskCredential(string? caption, string? message, string? userName)
    {
        var head = Head(caption, message);
        while (string.IsNullOrEmpty(userName))
            userName = Ask($"{head}User: ");
        return new(userName, Secret(ask($"{head}Password for user {userName}: ", true)));
    }

    /// <summary>An answer as PowerShell keeps secrets.</summary>
    public static SecureString Secret(string answer)
    {
        var secret = new SecureString();
        foreach (var letter in answer)
            secret.AppendChar(letter);
        secret.MakeReadOnly();
        return secret;
    }

    private object? AskField(string head, FieldDescription field)
    {
        var type = LanguagePrimitives.TryConvertTo<Type>(field.ParameterAssemblyFullName, out var found)
            ? found
            : typeof(string);
        // Read-Host's own prompt is the field's name; it may well end in punctuation.
        var name = field.Name.TrimEnd();
        var label = head + (name.EndsWith(':') || name.EndsWith('?') ? name : name + ":") + " ";
        if (type == typeof(PSCredential))
            return AskCredential(head, null, null);
        if (type == typeof(SecureString))
            return Secret(ask(label, true));
        if (!type.IsArray)
            return AskValue(label, field, type);
        var items = new List<object?>();
        while (
            Ask(string.Create(CultureInfo.InvariantCulture, $"{head}{field.Name}[{items.Count}]: "))
                is { Length: > 0 } item
        )
            items.Add(item);
        return LanguagePrimitives.ConvertTo(items.ToArray(), type, CultureInfo.InvariantCulture);
    }

    private object? AskValue(string label, FieldDescription field, Type type)
    {
        var question = label;
        while (true)
        {
            var answer = type == typeof(string) ? ask(question, false) : Ask(question);
            if (answer is "!?" && !string.IsNullOrEmpty(field.HelpMessage))
                question = $"{field.HelpMessage}\n{label}";
            else if (answer.Length == 0 && field.DefaultValue is not null)
                return field.DefaultValue.BaseObject;
            else if (LanguagePrimitives.TryConvertTo(answer, type, CultureInfo.InvariantCulture, out var value))
                return value;
            else
                question = $"'{answer}' isn't a valid {type.Name}.\n{label}";
        }
    }

    private static string HelpOf(Collection<ChoiceDescription> choices) =>
        string.Concat(ChoiceMenu.Help(choices).Select(line => line + "\n"));

    private static string Head(string? caption, string? message) =>
        string.Concat(
            new[] { caption, message }.Where(line => !string.IsNullOrEmpty(line)).Select(line => line!.TrimEnd() + "\n")
        );

    private string Ask(string question) => ask(question, false).Trim();
}
