using System.Buffers;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>One of the two sockets of a relayed connection.</summary>
internal sealed class RelaySide
{
    /// <summary>The socket; -1 for none.</summary>
    public int Socket { get; set; } = -1;

    /// <summary>What epoll is asked for; nothing takes the socket out of it.</summary>
    public EpollEvents Interest { get; set; }

    /// <summary>Bytes of the other side that this one would not take yet; null for none.</summary>
    public byte[]? Waiting { get; set; }

    /// <summary>It is to take bytes that it would not take yet; nothing is read for it meanwhile.</summary>
    public bool IsHeldUp => Waiting is not null || Pipe is not null || Mapped is { IsAwaited: true };

    /// <summary>The same, in a pipe; null for none.</summary>
    public RelayPipe? Pipe { get; set; }

    /// <summary>Its place among the sockets that the kernel moves bytes between; null for one that was never there.</summary>
    public SockmapEnd? Mapped { get; set; }

    /// <summary>Where in <see cref="Waiting"/> they begin.</summary>
    public int WaitingFrom { get; set; }

    /// <summary>Where in <see cref="Waiting"/> they end.</summary>
    public int WaitingTo { get; set; }

    /// <summary>There may be something to read: epoll has said so, and no read has come to the end since.</summary>
    public bool Readable { get; set; }

    /// <summary>A read that does not fill the buffer is not the last: a FIN, an error or urgent bytes follow.</summary>
    public bool ReadsToEnd { get; set; }

    /// <summary>Its FIN has arrived, behind what is still to be read.</summary>
    public bool HasFin { get; set; }

    /// <summary>It has sent urgent bytes, at which splicing would stop for ever.</summary>
    public bool HasUrgent { get; set; }

    /// <summary>Reads in succession that filled the buffer.</summary>
    public int FullReads { get; set; }

    /// <summary>What it sends is bulk and goes through a pipe.</summary>
    public bool Splices { get; set; }

    /// <summary>Bytes that went through a pipe since there was nothing to read last.</summary>
    public long Spliced { get; set; }

    /// <summary>It is in line to be read on.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The peer's FIN was read.</summary>
    public bool ReadEnded { get; set; }

    /// <summary>It was sent a FIN.</summary>
    public bool WriteEnded { get; set; }

    /// <summary>What waits for this side.</summary>
    public ReadOnlySpan<byte> Held =>
        Waiting is { } waiting ? waiting.AsSpan(WaitingFrom, WaitingTo - WaitingFrom) : default;

    /// <summary>Keeps bytes until the socket takes more.</summary>
    public void Hold(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Waiting = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(Waiting);
        WaitingFrom = 0;
        WaitingTo = bytes.Length;
    }
}
