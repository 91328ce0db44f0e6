using System.Management.Automation;

namespace PSConvNet.Module.Tests.Training;

/// <summary>What Tab offers at the end of a line in a session.</summary>
internal static class Completions
{
    public static IReadOnlyList<CompletionResult> Of(PowerShellSession session, string input)
    {
        using var shell = PowerShell.Create(session.Runspace);
        return
        [
            .. CommandCompletion
                .CompleteInput(input, input.Length, null, shell)
                .CompletionMatches.Where(m => m.ResultType == CompletionResultType.ParameterValue),
        ];
    }
}
