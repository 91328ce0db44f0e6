namespace PSConvNet.Models;

/// <summary>The first layers of a model, as a model of their own.</summary>
internal static class ModelHead
{
    /// <summary>A copy of a model that ends after some of its layers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layers">How many layers, from 1.</param>
    /// <exception cref="ConvNetException"><c>ModelBusy</c>: it is being trained.</exception>
    public static Model Of(Model model, int layers)
    {
        using var claim = model.UseForReading();
        var head = new Model(model.Layers.Take(layers), model.InputShape, model.Name, model.Seed, draw: false);
        // Where a parameter lies depends on all layers; what it is called, on those before it.
        var whole = model.Store.Slots.ToDictionary(slot => slot.Name, StringComparer.Ordinal);
        foreach (var slot in head.Store.Slots)
            model.Store.Span(whole[slot.Name]).CopyTo(head.Store.Span(slot));
        return head;
    }
}
