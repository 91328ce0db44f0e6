using System.Management.Automation;

namespace PSConvNet.Notebook;

/// <summary>
/// PowerShell's own formatting, fed one object at a time on the pipeline's thread, so that tables stay tables and rows appear as
/// they come.
/// </summary>
internal sealed class ObjectFormatter : IDisposable
{
    private SteppablePipeline? _pipeline;

    /// <summary>Shows an object.</summary>
    public void Show(PSObject? value)
    {
        if (_pipeline is null)
        {
            _pipeline = ScriptBlock.Create("Out-Default").GetSteppablePipeline(CommandOrigin.Internal);
            _pipeline.Begin(expectInput: true);
        }
        _pipeline.Process(value);
    }

    /// <summary>Ends the table that may be under way.</summary>
    public void End()
    {
        if (_pipeline is null)
            return;
        try
        {
            _pipeline.End();
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>What PowerShell prints for one object, without the empty lines around it.</summary>
    public static string TextOf(PSObject value)
    {
        try
        {
            return CellScreen
                .Capture(() =>
                {
                    using var formatter = new ObjectFormatter();
                    formatter.Show(value);
                    formatter.End();
                })
                .Trim('\r', '\n');
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            // A view that fails must not take the object's picture with it.
            return value.ToString();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _pipeline?.Dispose();
        _pipeline = null;
    }
}
