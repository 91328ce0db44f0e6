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
        Repository.RequireMnist();
        using var jupyter = Jupyter.OfPolyglot("nbclient");

        jupyter.Run("polyglot_notebooks.py", Directory.GetFiles(Path.Combine(Repository.Root, "notebooks"), "*.ipynb"));
    }
}
