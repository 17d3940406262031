using Lb.Cluster.Certificates;

namespace Lb.Cluster.Mesh;

/// <summary>What is counted of the traffic between nodes.</summary>
public enum MeshCount
{
    /// <summary>Messages written to a connection.</summary>
    SentMessages,

    /// <summary>Their bytes, with those of frames.</summary>
    SentBytes,

    /// <summary>Messages received and handed on.</summary>
    ReceivedMessages,

    /// <summary>Bytes received.</summary>
    ReceivedBytes,

    /// <summary>Messages dropped since newer ones needed their place in a full queue.</summary>
    DroppedQueueFull,

    /// <summary>Messages dropped since there was no connection to the peer.</summary>
    DroppedNoConnection,

    /// <summary>Messages dropped since they were too long.</summary>
    DroppedTooLong,

    /// <summary>Messages not sent since the peer speaks an older version that does not have them.</summary>
    DroppedTooNew,

    /// <summary>Received messages of a kind that is not known.</summary>
    SkippedUnknown,

    /// <summary>Received messages without a header that can be read.</summary>
    SkippedDamaged,

    /// <summary>Received messages that pretend to be of another node than the certificate's.</summary>
    SkippedFalseSender,

    /// <summary>Streams ended since a frame was too long.</summary>
    FramesTooLong,

    /// <summary>Connections that came about.</summary>
    Connections,

    /// <summary>Attempts to connect that failed.</summary>
    ConnectFailures,

    /// <summary>Peers turned away since there was no version in common.</summary>
    Incompatible,

    /// <summary>Datagrams from nodes that have no certificates.</summary>
    ClearText,
}

/// <summary>Counts traffic between nodes; any thread may.</summary>
public sealed class MeshCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<MeshCount>().Length];
    private readonly long[] _refusals = new long[Enum.GetValues<RefusalReason>().Length];

    /// <summary>How many there were.</summary>
    public long this[MeshCount count] => Volatile.Read(ref _counts[(int)count]);

    /// <summary>How many connections were refused for a reason.</summary>
    public long this[RefusalReason reason] => Volatile.Read(ref _refusals[(int)reason]);

    internal void Add(MeshCount count, long amount = 1) => Interlocked.Add(ref _counts[(int)count], amount);

    internal void Add(RefusalReason reason) => Interlocked.Increment(ref _refusals[(int)reason]);
}
