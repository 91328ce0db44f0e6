using System.Management.Automation;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Help;

/// <summary>What messages tell people to type exists. Looks at all texts that are compiled into the module's assemblies, as cmdlets show them.</summary>
public sealed partial class AdviceTests(SharedSession shared) : IClassFixture<SharedSession>
{
    /// <summary>Parameters of what the module calls itself.</summary>
    private static readonly HashSet<string> s_internalParameters = ["Leash", "MostTrials", "Record"];

    /// <summary>What the module calls itself, by its type.</summary>
    private static readonly HashSet<string> s_internal =
    [
        "Start-NotebookKernel",
        "Start-SweepWorker",
        "Out-NotebookText",
        "Out-NotebookCell",
    ];

    private readonly Dictionary<string, CommandInfo> _commands = shared
        .Session.Run("Get-Command -CommandType Cmdlet, Function")
        .Output.Select(command => (CommandInfo)command.BaseObject)
        .DistinctBy(command => command.Name, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(command => command.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The texts as cmdlets show them: the engine's terms have become theirs.</summary>
    private IEnumerable<string> Texts()
    {
        var terms = shared
            .Session.Run("[PSConvNet.Commands.ConvNetCmdlet].Assembly.GetType('PSConvNet.Commands.CmdletTerms')")
            .Output.Single()
            .BaseObject;
        var show = ((Type)terms).GetMethod("Of", [typeof(string)])!.CreateDelegate<Func<string, string>>();
        return Compiled().Select(show).Distinct();
    }

    private static IEnumerable<string> Compiled() =>
        Directory
            .EnumerateFiles(Path.Combine(Path.GetDirectoryName(Repository.Manifest)!, "bin"), "PSConvNet*.dll")
            .SelectMany(TextsOf)
            // One word is no message, and scripts are tried by running them.
            .Where(text =>
                text.Contains(' ', StringComparison.Ordinal)
                && !text.Contains("param(", StringComparison.Ordinal)
                && !text.Contains("function ", StringComparison.Ordinal)
            )
            .Distinct();

    [Fact]
    public void Commands_that_messages_name_exist()
    {
        var named = Texts()
            .SelectMany(text => Command().Matches(text))
            .Select(match => match.Value)
            .Distinct()
            .ToList();

        Assert.InRange(named.Count, 20, 200);
        None(named.Where(name => !_commands.ContainsKey(name) && !s_internal.Contains(name)));
    }

    [Fact]
    public void Parameters_that_messages_name_exist()
    {
        var parameters = _commands
            .Values.Where(command => command.ModuleName == "PSConvNet" || s_ofPowerShell.Contains(command.Name))
            .SelectMany(command => command.Parameters.Values)
            .SelectMany(parameter => parameter.Aliases.Append(parameter.Name))
            .Concat(s_internalParameters)
            .ToHashSet(StringComparer.Ordinal);
        var named = Texts()
            .SelectMany(text => Parameter().Matches(text), (text, match) => (match.Groups[1].Value, text))
            .ToList();

        Assert.InRange(named.Select(one => one.Value).Distinct().Count(), 40, 300);
        None(named.Where(one => !parameters.Contains(one.Value)).Select(one => $"-{one.Value}: {one.text}"));
    }

    [Fact]
    public void A_parameter_that_is_named_with_its_command_is_one_of_that_command()
    {
        var wrong = Texts()
            .SelectMany(text => Line().Matches(text))
            .Where(match => _commands.ContainsKey(match.Groups[1].Value))
            .SelectMany(match =>
                match
                    .Groups[2]
                    .Captures.Select(capture => capture.Value.Trim()[1..])
                    .Where(name => !Has(_commands[match.Groups[1].Value], name))
                    .Select(name => $"{match.Groups[1].Value} -{name}")
            );

        None(wrong.Distinct());
    }

    private static void None(IEnumerable<string> wrong)
    {
        var all = string.Join('\n', wrong);
        Assert.True(all.Length == 0, all);
    }

    private static readonly string[] s_ofPowerShell = ["Get-Item", "Get-ChildItem", "New-PSSession"];

    private static bool Has(CommandInfo command, string parameter) =>
        command.Parameters.Values.Any(p =>
            p.Name.Equals(parameter, StringComparison.OrdinalIgnoreCase)
            || p.Aliases.Contains(parameter, StringComparer.OrdinalIgnoreCase)
        );

    private static List<string> TextsOf(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var reader = file.GetMetadataReader();
        var texts = new List<string>();
        // The first entry is empty.
        var handle = MetadataTokens.UserStringHandle(0);
        while (!(handle = reader.GetNextHandle(handle)).IsNil)
            texts.Add(reader.GetUserString(handle));
        return texts;
    }

    [GeneratedRegex(
        @"(?<![\w-])(Add|Compare|Convert|ConvertTo|ConvertFrom|Copy|Expand|Export|Find|Get|Import|Install|Invoke|Measure|New|Out|Register|Remove|Resume|Select|Set|Show|Split|Start|Stop|Test|Update|Where|Write)-[A-Z][A-Za-z]+(?![\w-])"
    )]
    private static partial Regex Command();

    [GeneratedRegex(@"(?<=^|[\s('""])-([A-Z][A-Za-z]+)(?![\w-])")]
    private static partial Regex Parameter();

    // A command with the parameters that follow it at once; what else may stand there isn't looked at.
    [GeneratedRegex(@"(?<![\w-])([A-Z][a-z]+-[A-Z][A-Za-z]+)( -[A-Z][A-Za-z]+)+(?![\w-])")]
    private static partial Regex Line();
}
