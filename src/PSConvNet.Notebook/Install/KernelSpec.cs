using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PSConvNet.Commands;

namespace PSConvNet.Notebook;

/// <summary>A kernelspec: the folder that tells Jupyter how to start the kernel.</summary>
internal static partial class KernelSpec
{
    private const string FileName = "kernel.json";
    private const string ScriptFolder = "kernel";
    private const string NewestScript = "Start-NewestKernel.ps1";

    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Checks a name as Jupyter does.</summary>
    /// <exception cref="ConvNetException"><c>KernelNameInvalid</c>.</exception>
    public static void CheckName(string name)
    {
        // Dots alone would be a folder above.
        if (!NamePattern().IsMatch(name) || name.Trim('.').Length == 0)
        {
            throw new ConvNetException(
                ErrorIds.KernelNameInvalid,
                ErrorKind.InvalidArgument,
                $"'{name}' can't be a kernel's name: Jupyter takes the letters a to z, digits, '-', '.' and '_'; use psconvnet.",
                name
            );
        }
    }

    /// <summary>Whether a folder holds a kernelspec.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Writes a kernelspec.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public static void Write(string folder, string displayName, ShellProgram shell)
    {
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray([
                .. Start(folder, shell.Lasting()).Append("{connection_file}").Select(word => JsonValue.Create(word)),
            ]),
            ["display_name"] = displayName,
            ["language"] = "powershell",
            // Signals don't reach a program on Windows, and in a container they may reach another one.
            ["interrupt_mode"] = "message",
            ["env"] = Variables(),
            ["kernel_protocol_version"] = WireMessage.ProtocolVersion,
            ["metadata"] = new JsonObject { ["debugger"] = false },
        };
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.NotWritten(Path.Combine(folder, FileName), e);
        }
        if (IsInstalled)
            CopyScript(folder);
        WholeFile.Write(Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, spec, s_options));
    }

    /// <summary>Whether the module lies in a folder named after its version, as installed ones do. An update puts another one beside it.</summary>
    private static bool IsInstalled => Version.TryParse(Path.GetFileName(ModulePlace.Folder), out _);

    /// <summary>
    /// What starts the kernel: the module's own script; of an installed module a copy beside the kernelspec of one that looks for the newest version.
    /// </summary>
    private static IEnumerable<string> Start(string folder, ShellProgram shell) =>
        IsInstalled
            ? shell.CommandOf(Path.Combine(folder, NewestScript)).Append(Path.GetDirectoryName(ModulePlace.Folder)!)
            : shell.CommandOf(ScriptFolder, "Start-NotebookKernel.ps1");

    private static void CopyScript(string folder)
    {
        var script = File.ReadAllBytes(Path.Combine(ModulePlace.Folder, ScriptFolder, NewestScript));
        WholeFile.Write(Path.Combine(folder, NewestScript), stream => stream.Write(script));
    }

    private static JsonObject Variables()
    {
        var environment = new JsonObject();
        // A program that was installed as a .NET tool, or built here, finds .NET by it where .NET isn't in its common place; a frontend
        // that was started from a menu doesn't have it.
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
            environment["DOTNET_ROOT"] = root;
        return environment;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]+\z")]
    private static partial Regex NamePattern();
}
