using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Notebooks;

/// <summary>Notebooks from their first cell to their last in the kernel, as Jupyter's nbclient runs them.</summary>
public sealed class KernelNotebookTests
{
    [SkippableFact]
    public void Notebooks_run_in_nbclient_with_quick_settings()
    {
        Repository.RequireMnist();
        using var jupyter = new Jupyter(Pwsh.Path, "nbclient");
        var folder = Path.Combine(Repository.Root, "notebooks");

        jupyter.Run("run_notebook.py", [SmallNotebook, .. Directory.GetFiles(folder, "*.ipynb")]);
    }

    [SkippableFact]
    public void The_kernel_runs_in_psconvnet()
    {
        using var jupyter = new Jupyter(Jupyter.Psconvnet, "nbclient");

        jupyter.Run("run_notebook.py", SmallNotebook);
    }

    private static string SmallNotebook => Path.Combine(Repository.Root, "tests", "Notebooks", "small.ipynb");
}
