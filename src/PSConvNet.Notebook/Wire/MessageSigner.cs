using System.Security.Cryptography;
using System.Text;

namespace PSConvNet.Notebook;

/// <summary>Signs what goes out and checks what comes in, with the key of the connection file. An empty key signs nothing.</summary>
internal sealed class MessageSigner
{
    private readonly byte[] _key;
    private readonly HashAlgorithmName _hash;

    /// <summary>A signer of a connection.</summary>
    /// <exception cref="ConvNetException"><c>SignatureSchemeUnknown</c>.</exception>
    public MessageSigner(string key, string scheme)
    {
        _key = Encoding.UTF8.GetBytes(key);
        _hash = scheme switch
        {
            "hmac-sha256" => HashAlgorithmName.SHA256,
            "hmac-sha384" => HashAlgorithmName.SHA384,
            "hmac-sha512" => HashAlgorithmName.SHA512,
            _ => throw new ConvNetException(
                ErrorIds.SignatureSchemeUnknown,
                ErrorKind.InvalidData,
                $"The connection file asks for signatures by {scheme}, which this kernel doesn't support; use hmac-sha256.",
                scheme
            ),
        };
    }

    /// <summary>Whether messages are signed at all.</summary>
    public bool Signs => _key.Length > 0;

    /// <summary>The signature of a message's parts, in lower-case hexadecimal; empty without a key.</summary>
    public byte[] Sign(IEnumerable<byte[]> parts)
    {
        if (!Signs)
            return [];
        using var hmac = IncrementalHash.CreateHMAC(_hash, _key);
        foreach (var part in parts)
            hmac.AppendData(part);
        return Encoding.ASCII.GetBytes(Convert.ToHexString(hmac.GetHashAndReset()).ToLowerInvariant());
    }

    /// <summary>Whether a signature is that of the parts; takes as long for a wrong one as for a right one.</summary>
    public bool IsSigned(byte[] signature, IEnumerable<byte[]> parts) =>
        !Signs || CryptographicOperations.FixedTimeEquals(Sign(parts), signature);
}
