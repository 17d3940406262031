using Lb.Kernel.Layout;

namespace Lb.Kernel;

/// <summary>
/// QUIC connection IDs of a service name its backends, as draft-ietf-quic-load-balancers says for configurations without a key.
/// </summary>
/// <param name="ConfigId">First three bits of the IDs that do, 0 to 6.</param>
/// <param name="ServerIdLength">Bytes of the server IDs in them, behind their first byte.</param>
public readonly record struct QuicRouting(int ConfigId, int ServerIdLength);

/// <summary>What the connection IDs that a server issues have in common: 1 to 15 bytes.</summary>
public readonly record struct ServerId
{
    /// <summary>The longest one, in bytes.</summary>
    public const int MostBytes = (int)QuicLimit.ServerIdMost;

    private readonly UInt128 _value;
    private readonly byte _length;

    /// <summary>One of these bytes.</summary>
    public ServerId(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, 1, nameof(bytes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MostBytes, nameof(bytes));
        foreach (byte part in bytes)
        {
            _value = (_value << 8) | part;
        }

        _length = (byte)bytes.Length;
    }

    /// <summary>Its bytes are so many.</summary>
    public int Length => _length;

    /// <summary>One that is written as hexadecimal digits, two a byte; false when the text is none.</summary>
    public static bool TryParse(string text, out ServerId id)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool isHex = text.Length is > 0 and <= 2 * MostBytes && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit);
        id = isHex ? new ServerId(Convert.FromHexString(text)) : default;
        return isHex;
    }

    /// <summary>Writes its bytes to the front of a span.</summary>
    public void CopyTo(Span<byte> bytes)
    {
        for (int i = 0; i < _length; i++)
        {
            bytes[i] = (byte)(_value >> (8 * (_length - 1 - i)));
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[MostBytes];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes[.._length]);
    }
}

/// <summary>Whose a server ID is.</summary>
/// <param name="Service">Id of the service.</param>
/// <param name="ConfigId">First three bits of its connection IDs.</param>
/// <param name="Id">The server ID.</param>
public readonly record struct ServerIdKey(uint Service, int ConfigId, ServerId Id);
