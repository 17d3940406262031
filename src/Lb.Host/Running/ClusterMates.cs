using Lb.Actors;
using Lb.Cluster.Membership;
using Lb.Cluster.Transport;

namespace Lb.Host.Running;

/// <summary>The other nodes of the cluster for one part of this one, by the cluster's own messages.</summary>
internal class ClusterMates(ClusterNode node, ClusterSubsystem part) : IClusterMates
{
    private readonly Lock _gate = new();
    private MembershipView? _seen;
    private VoteCluster _cluster = new([], 0, IsIn: false);
    private VoteHeard? _heard;

    /// <inheritdoc/>
    public string Self => node.Address;

    /// <inheritdoc/>
    public VoteCluster Cluster
    {
        get
        {
            lock (_gate)
            {
                // Whether somebody is lost follows from the time, too; nothing else changes with the same view.
                MembershipView view = node.View;
                if (!ReferenceEquals(view, _seen) || !view.Unreachable.IsEmpty)
                {
                    _seen = view;
                    VoteCluster now = Read(view, node.Now);
                    if (now.Epoch != _cluster.Epoch || now.IsIn != _cluster.IsIn || !now.Up.SequenceEqual(_cluster.Up))
                    {
                        _cluster = now;
                    }
                }

                return _cluster;
            }
        }
    }

    /// <inheritdoc/>
    public void Listen(VoteHeard heard)
    {
        // Whoever listens may be started again; the cluster knows one listener.
        if (Interlocked.Exchange(ref _heard, heard) is null)
        {
            node.Handle(part, (from, payload) => _heard(from.Address, from.Incarnation, payload));
        }
    }

    /// <inheritdoc/>
    public void Send(string to, ReadOnlyMemory<byte> message) => node.Send(to, part, message);

    private static VoteCluster Read(MembershipView view, TimeSpan now) => new(
        [
            .. view.State.Members.Values
                .Where(member => member.Status is NodeStatus.Up)
                .Select(member => new VoteMember(
                    member.Id.Address,
                    !view.Unreachable.ContainsKey(member.Id),
                    view.Unreachable.TryGetValue(member.Id, out TimeSpan since) && now - since >= VoteTimes.Lost)
                {
                    Life = member.Id.Incarnation,
                }),
        ],
        view.State.Revision,
        view.SelfMember is { Status: NodeStatus.Up });
}
