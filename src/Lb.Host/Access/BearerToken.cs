using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Lb.Host.Access;

/// <summary>
/// A token as its holder has it: <c>lb_ID_SECRET</c>. The id finds it; of the secret, 256 random bits, only the SHA-256
/// is stored. A secret that cannot be guessed needs neither a salt nor a slow hash.
/// </summary>
/// <param name="Id">16 hexadecimal digits.</param>
/// <param name="Secret">43 characters of base64url.</param>
internal readonly record struct BearerToken(string Id, string Secret)
{
    private const string Prefix = "lb_";
    private const int IdBytes = 8;
    private const int SecretBytes = 32;
    private const int IdLength = 2 * IdBytes;
    private const int SecretLength = 43;

    /// <summary>Draws a new one.</summary>
    public static BearerToken Create() => new(
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
        Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));

    /// <summary>Reads one; null when the text is none.</summary>
    public static BearerToken? Parse(string text) =>
        text.Length == Prefix.Length + IdLength + 1 + SecretLength
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text[Prefix.Length + IdLength] == '_'
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? new BearerToken(text.Substring(Prefix.Length, IdLength), text[^SecretLength..])
            : null;

    /// <summary>What is stored of it.</summary>
    public ImmutableArray<byte> Hash() => [.. SHA256.HashData(Encoding.ASCII.GetBytes(Secret))];

    /// <summary>Whether this is the secret that a hash was made of; it takes the same time for all that are not.</summary>
    public bool Matches(ImmutableArray<byte> hash) =>
        CryptographicOperations.FixedTimeEquals(Hash().AsSpan(), hash.AsSpan());

    /// <summary>The token in full: a secret.</summary>
    public string Reveal() => $"{Prefix}{Id}_{Secret}";

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{Prefix}{Id}_…";
}
