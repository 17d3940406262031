using System.Buffers.Binary;

namespace Lb.Kernel.Relays;

/// <summary>Takes values from the front of some bytes, in the way that TLS writes them.</summary>
internal ref struct TlsBytes(ReadOnlySpan<byte> bytes)
{
    /// <summary>What was not taken.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    public readonly bool IsEmpty => Rest.IsEmpty;

    public bool Skip(int count)
    {
        if (Rest.Length < count)
        {
            return false;
        }

        Rest = Rest[count..];
        return true;
    }

    public bool TakeByte(out int value)
    {
        value = Rest.IsEmpty ? 0 : Rest[0];
        return Skip(1);
    }

    public bool TakeNumber(out int value)
    {
        value = Rest.Length < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(Rest);
        return Skip(2);
    }

    /// <summary>Takes bytes that stand behind their number.</summary>
    /// <param name="width">Bytes that the number takes, 1 or 2.</param>
    /// <param name="vector">The bytes.</param>
    public bool TakeVector(int width, out TlsBytes vector)
    {
        vector = default;
        if (!(width == 1 ? TakeByte(out int size) : TakeNumber(out size)) || Rest.Length < size)
        {
            return false;
        }

        vector = new TlsBytes(Rest[..size]);
        Rest = Rest[size..];
        return true;
    }
}
