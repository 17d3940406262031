namespace Lb.Kernel.Relays;

/// <summary>
/// What is known of a socket that is in a map of sockets. It stays there until it is closed: to take it out would drop what
/// the kernel has put aside for a reader at that moment.
/// </summary>
internal sealed class SockmapEnd
{
    /// <summary>The map.</summary>
    public required SockmapMemory Map { get; init; }

    /// <summary>Number in the map.</summary>
    public required uint Index { get; init; }

    /// <summary>By which the program finds the number; 0 for one of an earlier process, whose map nobody fills any more.</summary>
    public ulong Cookie { get; init; }

    /// <summary>The map is that of the loop that has the connection.</summary>
    public bool IsOwn => Cookie != 0;

    /// <summary>Bytes that were written to it before it came into the map.</summary>
    public long WrittenBefore { get; init; }

    /// <summary>What it has sent and the kernel has moved, so far as it is counted.</summary>
    public long Counted { get; set; }

    /// <summary>What it has sent and the loop has read.</summary>
    public long Read { get; set; }

    /// <summary>Bytes that the program left to the loop are on their way to it, before a FIN.</summary>
    public bool IsLate { get; set; }

    /// <summary>All that the kernel was to write to it is written, and the kernel will write no more.</summary>
    public bool IsSettled { get; set; }

    /// <summary>What the kernel is to write to it is waited for: till then nothing else may be.</summary>
    public bool IsAwaited { get; set; }

    /// <summary>Send buffer that it had before room was made for what the kernel moves; 0 when it has it again.</summary>
    public int RoomBefore { get; set; }
}
