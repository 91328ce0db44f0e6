using System.Management.Automation;

namespace PSConvNet.Notebook;

/// <summary>What an object looks like in a notebook.</summary>
internal static class ObjectView
{
    /// <summary>Its rich view; null where it has only its text.</summary>
    public static RichView? Of(PSObject? value)
    {
        try
        {
            return RichView.Of(value?.BaseObject);
        }
        catch (ConvNetException)
        {
            // A picture needs a native library; where that is missing its text is still worth showing.
            return null;
        }
    }

    /// <summary>All its forms.</summary>
    public static MimeBundle Draw(PSObject value, RichView? view) => new(ObjectFormatter.TextOf(value), view);
}
