namespace PSConvNet;

/// <summary>Where a run computes.</summary>
public enum Device
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,

    /// <summary>An Apple GPU.</summary>
    Mps,
}

internal static class DeviceExtensions
{
    /// <summary>Refuses a device that this build cannot compute on.</summary>
    /// <exception cref="ConvNetException"><c>DeviceUnavailable</c>.</exception>
    public static void Require(this Device device)
    {
        if (device == Device.Cpu)
            return;
        throw new ConvNetException(
            "DeviceUnavailable",
            ErrorKind.Unavailable,
            $"The libtorch that comes with PSConvNet (TorchSharp-cpu) has no {device} back end; leave out -Device, or give -Device Cpu.",
            device
        );
    }
}
