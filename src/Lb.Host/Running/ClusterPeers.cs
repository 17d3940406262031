using Lb.Actors;
using Lb.Cluster.Membership;
using Lb.Cluster.Transport;

namespace Lb.Host.Running;

/// <summary>The other announcers, by the cluster's own messages.</summary>
internal sealed class ClusterPeers(ClusterNode node) : IAnnouncerPeers
{
    private readonly Lock _gate = new();
    private MembershipView? _seen;
    private AnnouncerCluster _cluster = new([], IsIn: false, IsLeaving: false, HasEnded: false, Incarnation: 0);

    /// <inheritdoc/>
    public string Self => node.Address;

    /// <inheritdoc/>
    public AnnouncerCluster Cluster
    {
        get
        {
            lock (_gate)
            {
                MembershipView view = node.View;
                if (!ReferenceEquals(view, _seen))
                {
                    _seen = view;
                    _cluster = Read(view);
                }

                return _cluster;
            }
        }
    }

    /// <inheritdoc/>
    public void Listen(Action<string, ReadOnlyMemory<byte>> heard) =>
        node.Handle(ClusterSubsystem.Announcer, (from, payload) => heard(from.Address, payload));

    /// <inheritdoc/>
    public void Send(string to, ReadOnlyMemory<byte> message) => node.Send(to, ClusterSubsystem.Announcer, message);

    // One that others have given up was in, and has what it holds until it hears that somebody else does.
    private AnnouncerCluster Read(MembershipView view) => new(
        [
            .. view.State.Members.Values
                .Where(member => member.Status is not NodeStatus.Down && member.Id.Address != node.Address)
                .Select(member => member.Id.Address),
        ],
        _cluster.IsIn || view.SelfMember is { HasBeenUp: true },
        view.SelfMember?.Status is NodeStatus.Leaving or NodeStatus.Exiting,
        view.End is not null,
        Math.Max(_cluster.Incarnation, view.Self?.Incarnation ?? 0));
}
