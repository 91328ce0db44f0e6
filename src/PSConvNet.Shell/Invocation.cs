using System.Management.Automation.Language;
using System.Text;
using System.Text.RegularExpressions;

namespace PSConvNet.Shell;

/// <summary>
/// PowerShell text that runs what the command line names. Words from outside become single-quoted literals, so that nothing in
/// them is evaluated, and the engine binds them to the script's parameters with its own rules.
/// </summary>
internal static partial class Invocation
{
    /// <summary>Runs a script file with arguments; its <c>exit n</c> becomes the session's.</summary>
    // A script's exit only sets $LASTEXITCODE and $?; a native command that failed inside it leaves $? true out here. A script that
    // could not begin, for its syntax or its arguments, has set no exit code.
    public static string OfFile(string path, IReadOnlyList<string> words) =>
        $"& {Quote(path)}{Arguments(words)}\nif (-not $?) {{ exit ($null -eq $LASTEXITCODE ? 1 : $LASTEXITCODE) }}";

    /// <summary>Runs text; as in pwsh, the shell fails where the last statement did.</summary>
    public static string OfText(string text)
    {
        var ast = Parser.ParseInput(text, out _, out var errors);
        var takesOneMore =
            errors.Length == 0
            && ast
                is {
                    BeginBlock: null,
                    ProcessBlock: null,
                    EndBlock.Unnamed: true,
                    DynamicParamBlock: null,
                    CleanBlock: null
                };
        return takesOneMore ? text + "\nif (-not $?) { exit 1 }" : text;
    }

    private static string Arguments(IReadOnlyList<string> words)
    {
        var text = new StringBuilder();
        var valuesOnly = false;
        for (var i = 0; i < words.Count; i++)
        {
            text.Append(' ');
            if (!valuesOnly && words[i] is "--")
            {
                valuesOnly = true;
            }
            else if (!valuesOnly && ParameterName().Match(words[i]) is { Success: true } name)
            {
                text.Append(name.Groups["name"].Value);
                if (!name.Groups["colon"].Success)
                    continue;
                // "-Name:" takes the next word, whatever it looks like.
                var value = name.Groups["value"].Value is { Length: > 0 } glued
                    ? glued
                    : words.ElementAtOrDefault(++i) ?? "";
                text.Append(':').Append(SwitchValue().IsMatch(value) ? value : Quote(value));
            }
            else
            {
                text.Append(Quote(words[i]));
            }
        }
        return text.ToString();
    }

    private static string Quote(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    // A negative number is a value; so is anything a parameter could not be called.
    [GeneratedRegex(@"\A(?<name>-(\?|[\p{L}_][\p{L}\p{Nd}_]*))((?<colon>:)(?<value>.*))?\z", RegexOptions.Singleline)]
    private static partial Regex ParameterName();

    // -Switch:$false has no other way to be written from outside.
    [GeneratedRegex(@"\A\$(true|false)\z", RegexOptions.IgnoreCase)]
    private static partial Regex SwitchValue();
}
