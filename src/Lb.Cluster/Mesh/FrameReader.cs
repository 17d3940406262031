using System.Buffers.Binary;
using Lb.Cluster.Transport;

namespace Lb.Cluster.Mesh;

/// <summary>A frame is longer than any may be.</summary>
internal sealed class FrameTooLongException(long length, int limit)
    : Exception($"a frame of {length} bytes came, and none may have more than {limit}")
{
    public long Length => length;

    public int Limit => limit;
}

/// <summary>
/// Puts frames together again from what a stream brings: four bytes of length, big-endian, then the message. It takes
/// room for a frame only as the bytes of it come.
/// </summary>
internal sealed class FrameReader(int longest)
{
    /// <summary>The bytes of a frame's length.</summary>
    public const int HeadLength = 4;

    private const int KeptRoom = 64 * 1024;

    private byte[] _part = new byte[256];
    private int _filled;

    /// <summary>Takes bytes, and tells of each frame that is complete with them.</summary>
    /// <exception cref="FrameTooLongException">A frame is too long; nothing can be made of the stream any more.</exception>
    public void Feed(ReadOnlySpan<byte> bytes, ReceivedMessage received)
    {
        while (!bytes.IsEmpty)
        {
            if (_filled == 0 && TryWhole(ref bytes, received))
            {
                continue;
            }

            var wanted = _filled < HeadLength ? HeadLength : HeadLength + LengthOf(_part);
            var taken = Math.Min(wanted - _filled, bytes.Length);
            Append(bytes[..taken]);
            bytes = bytes[taken..];
            if (_filled >= HeadLength && _filled == HeadLength + LengthOf(_part))
            {
                received(_part.AsSpan(HeadLength, _filled - HeadLength));
                Clear();
            }
        }
    }

    private bool TryWhole(ref ReadOnlySpan<byte> bytes, ReceivedMessage received)
    {
        if (bytes.Length < HeadLength)
        {
            return false;
        }

        var length = LengthOf(bytes);
        if (bytes.Length < HeadLength + length)
        {
            return false;
        }

        received(bytes.Slice(HeadLength, length));
        bytes = bytes[(HeadLength + length)..];
        return true;
    }

    private int LengthOf(ReadOnlySpan<byte> head)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        return length <= longest ? (int)length : throw new FrameTooLongException(length, longest);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_filled + bytes.Length > _part.Length)
        {
            Array.Resize(ref _part, Math.Max(_filled + bytes.Length, Math.Min(_part.Length * 2, HeadLength + longest)));
        }

        bytes.CopyTo(_part.AsSpan(_filled));
        _filled += bytes.Length;
    }

    private void Clear()
    {
        _filled = 0;
        if (_part.Length > KeptRoom)
        {
            _part = new byte[256];
        }
    }
}
