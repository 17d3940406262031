using System.Buffers.Binary;
using Lb.Cluster.Membership;
using Lb.Cluster.Transport;
using Lb.Host.Logging;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Running;

/// <summary>
/// Has the node leave its cluster in order, whoever was asked for that: others confirm its flows and get its part of limits while
/// it is still a member, for nobody listens to one that has left.
/// </summary>
internal sealed class OrderlyLeave(ClusterPart cluster, AnnouncerPart announcer, SiteClient site, ILogger<OrderlyLeave> log)
{
    private const byte Version = 1;
    private const int Length = 9;

    private readonly Lock _gate = new();
    private Task<LeaveReport>? _leaving;

    /// <summary>Does it when another node passes on that this one is to leave.</summary>
    public void Listen() => cluster.Node?.Handle(ClusterSubsystem.Leave, OnAsked);

    /// <summary>Asks another node for it. That may get lost, and an older release does not know of it.</summary>
    public void Ask(NodeId other) => cluster.Node?.Send(other.Address, ClusterSubsystem.Leave, Write(other.Incarnation));

    /// <summary>Does it. Asked again, it is the same leave.</summary>
    public Task<LeaveReport> LeaveAsync()
    {
        lock (_gate)
        {
            return _leaving ??= Task.Run(DoAsync);
        }
    }

    /// <summary>Big-endian: the version, and which life of the node is meant. What later versions add comes behind.</summary>
    internal static byte[] Write(long incarnation)
    {
        byte[] bytes = new byte[Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), incarnation);
        return bytes;
    }

    /// <summary>Which life is meant; null when it is nothing that this version knows.</summary>
    internal static long? Read(ReadOnlySpan<byte> bytes) => bytes.Length >= Length && bytes[0] == Version
        ? BinaryPrimitives.ReadInt64BigEndian(bytes[1..])
        : null;

    private void OnAsked(NodeId from, ReadOnlyMemory<byte> payload)
    {
        // A member could as well write it into the table. One that is no member, or that means an earlier life, could not.
        MembershipView view = cluster.Node!.View;
        if (view.State.Find(from) is not null && view.SelfMember is { Status: NodeStatus.Joining or NodeStatus.Up } self
            && Read(payload.Span) == self.Id.Incarnation)
        {
            log.AskedToLeave(from.Address);
            _ = LeaveAsync();
        }
    }

    private async Task<LeaveReport> DoAsync()
    {
        bool flushed = await announcer.FlushAsync(CancellationToken.None);
        bool returned = await site.ReturnSlicesAsync(endsRelays: false, CancellationToken.None);
        cluster.Node!.Leave();
        return new LeaveReport(flushed, returned);
    }
}

/// <summary>How a node has left.</summary>
/// <param name="Flushed">All others have confirmed its flows.</param>
/// <param name="Returned">Others have its part of limits.</param>
internal sealed record LeaveReport(bool Flushed, bool Returned);
