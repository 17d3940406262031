using System.Collections.Immutable;
using Lb.Actors;
using Lb.Cluster.Membership;
using Lb.Cluster.Transport;

namespace Lb.Host.Running;

/// <summary>The other nodes that go by the same config, by the cluster's own messages.</summary>
internal sealed class ClusterConfigPeers(ClusterNode node) : IConfigPeers
{
    private Action<string, ReadOnlyMemory<byte>>? _heard;

    /// <inheritdoc/>
    public string Self => node.Address;

    /// <inheritdoc/>
    public ImmutableArray<string> Others =>
    [
        .. node.View.State.Members.Values
            .Where(member => member.Status is not NodeStatus.Down && member.Id.Address != node.Address)
            .Select(member => member.Id.Address),
    ];

    /// <inheritdoc/>
    public void Listen(Action<string, ReadOnlyMemory<byte>> heard)
    {
        // Whoever listens may be started again; the cluster knows one listener.
        if (Interlocked.Exchange(ref _heard, heard) is null)
        {
            node.Handle(ClusterSubsystem.Config, (from, payload) => _heard(from.Address, payload));
        }
    }

    /// <inheritdoc/>
    public void Send(string to, ReadOnlyMemory<byte> message) => node.Send(to, ClusterSubsystem.Config, message);
}
