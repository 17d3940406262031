using System.Buffers;
using System.Buffers.Binary;
using System.Threading.Channels;

namespace Lb.Cluster.Mesh;

/// <summary>A message as it stands in a stream, in a buffer that is given back.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="Length">How much of it is the frame.</param>
internal readonly record struct Frame(byte[] Buffer, int Length)
{
    /// <summary>The frame's bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => Buffer.AsMemory(0, Length);

    /// <summary>The message in it.</summary>
    public ReadOnlySpan<byte> Message => Buffer.AsSpan(FrameReader.HeadLength, Length - FrameReader.HeadLength);

    /// <summary>Frames a message.</summary>
    public static Frame Of(ReadOnlySpan<byte> message)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FrameReader.HeadLength + message.Length);
        BinaryPrimitives.WriteInt32BigEndian(buffer, message.Length);
        message.CopyTo(buffer.AsSpan(FrameReader.HeadLength));
        return new Frame(buffer, FrameReader.HeadLength + message.Length);
    }

    /// <summary>Gives the buffer back.</summary>
    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}

/// <summary>
/// Messages that wait for a peer. It never holds more than it may: a new message takes the place of the oldest ones,
/// since what nodes tell each other gets stale.
/// </summary>
internal sealed class FrameQueue(int mostFrames, int mostBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<Frame> _frames = [];
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private int _bytes;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _frames.Count;
            }
        }
    }

    /// <summary>Appends a message, and returns how many older ones had to go for it.</summary>
    public int Add(ReadOnlySpan<byte> message)
    {
        var frame = Frame.Of(message);
        var dropped = 0;
        lock (_gate)
        {
            while (_frames.Count > 0 && (_frames.Count >= mostFrames || _bytes + frame.Length > mostBytes))
            {
                Remove().Return();
                dropped++;
            }

            _frames.Enqueue(frame);
            _bytes += frame.Length;
        }

        _signal.Writer.TryWrite(true);
        return dropped;
    }

    /// <summary>Takes the oldest message.</summary>
    public bool TryTake(out Frame frame)
    {
        lock (_gate)
        {
            var any = _frames.Count > 0;
            frame = any ? Remove() : default;
            return any;
        }
    }

    /// <summary>Waits until there may be a message.</summary>
    public async ValueTask WaitAsync(CancellationToken stop) => await _signal.Reader.ReadAsync(stop);

    /// <summary>Drops all that wait, and returns how many that were.</summary>
    public int Clear()
    {
        lock (_gate)
        {
            var dropped = _frames.Count;
            while (_frames.Count > 0)
            {
                Remove().Return();
            }

            return dropped;
        }
    }

    private Frame Remove()
    {
        var frame = _frames.Dequeue();
        _bytes -= frame.Length;
        return frame;
    }
}
