using System.Text.RegularExpressions;

namespace PSConvNet.Module.Tests.Notebooks;

/// <summary>The kernel as Jupyter sees it, in each shell it can run in.</summary>
public partial class KernelTests
{
    [SkippableTheory]
    [InlineData("psconvnet")]
    [InlineData("pwsh")]
    public void The_kernel_passes_Jupyter_s_own_tests_without_leaving_one_out(string shell)
    {
        using var jupyter = new Jupyter(shell, "jupyter_kernel_test");

        var output = jupyter.Run("conformance.py");

        Assert.Matches(AllRan(), output);
        Assert.DoesNotContain("skipped", output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("psconvnet")]
    [InlineData("pwsh")]
    public void The_kernel_behaves_as_a_frontend_expects(string shell)
    {
        using var jupyter = new Jupyter(shell, "jupyter_client");

        jupyter.Run("behaviour.py");
    }

    [SkippableTheory]
    [InlineData("psconvnet")]
    [InlineData("pwsh")]
    public void Notebooks_run_in_nbclient_with_quick_settings(string shell)
    {
        using var jupyter = new Jupyter(shell, "nbclient");
        var small = Path.Combine(Repository.Root, "tests", "Notebooks", "small.ipynb");
        var folder = Path.Combine(Repository.Root, "notebooks");
        var others = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.ipynb") : [];

        jupyter.Run("run_notebook.py", [small, .. others]);
    }

    [GeneratedRegex(@"Ran 12 tests in [\d.]+s\s+OK")]
    private static partial Regex AllRan();
}
