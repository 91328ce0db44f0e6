using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Formatting;

namespace PSConvNet.Notebook.Tests.Polyglot;

public class PolyglotFormatterTests
{
    private const string Host = "Microsoft.DotNet.Interactive.Formatting";

    [Fact]
    public void The_host_shows_our_objects_once_it_is_there_and_nothing_loads_it()
    {
        // Only this test names the host, and not in this method: to compile one that does would load it.
        Assert.False(IsLoaded());
        new NotebookModule().OnImport();
        Assert.False(IsLoaded());

        var html = Show(new ModelSummaryMaker().Make());

        Assert.True(IsLoaded());
        Assert.Contains("<table", html, StringComparison.Ordinal);
        Assert.Contains("dense_1", html, StringComparison.Ordinal);
        Assert.Contains("src=\"data:image/png;base64,iVBOR", ShowPicture(), StringComparison.Ordinal);
        Assert.Equal("text/html", Preferred());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Show(object value) => Formatter.ToDisplayString(value, "text/html");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string ShowPicture() => Show(new ModelSummaryMaker().Draw());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Preferred() => Formatter.GetPreferredMimeTypesFor(typeof(Picture)).First();

    private static bool IsLoaded() =>
        AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == Host);

    private sealed class ModelSummaryMaker
    {
        private readonly Model _model = new(ModelPresets.Layers(ModelPreset.TutorialDense), new Shape(28, 28, 1));

        public ModelSummary Make() => _model.Summary;

        public ModelDiagram Draw() => new ModelDiagram(_model);
    }
}
