namespace PSConvNet.Module.Tests.Notebooks;

/// <summary>The module in Polyglot Notebooks: in that program's own engine, driven as Jupyter and as VS Code drive it.</summary>
public class PolyglotTests
{
    [SkippableFact]
    public void Tables_are_whole_progress_ends_and_every_way_to_stop_stops()
    {
        using var jupyter = Jupyter.OfPolyglot("jupyter_client");

        jupyter.Run("polyglot_behaviour.py");
    }

    [SkippableFact]
    public void Both_notebooks_run_and_each_comparison_is_one_table()
    {
        using var jupyter = Jupyter.OfPolyglot("nbclient");

        jupyter.Run("polyglot_notebooks.py", Directory.GetFiles(Path.Combine(Repository.Root, "notebooks"), "*.ipynb"));
    }

    [Fact]
    public void Nothing_of_Polyglot_is_loaded_outside_it()
    {
        using var session = new PowerShellSession();

        var loaded = session.Run("[AppDomain]::CurrentDomain.GetAssemblies().ForEach({ $_.GetName().Name })");

        var names = loaded.Output.Select(name => (string)name.BaseObject).ToList();
        Assert.Contains("PSConvNet.Notebook", names);
        Assert.DoesNotContain("PSConvNet.Polyglot", names);
        Assert.DoesNotContain(names, name => name.StartsWith("Microsoft.DotNet.Interactive", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(Repository.Manifest)!, "bin", "PSConvNet.Polyglot.dll")));
    }
}
