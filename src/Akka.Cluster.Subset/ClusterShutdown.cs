using Akka.Actor;
using Lb.Cluster.Membership;

namespace Akka.Cluster;

/// <summary>A node that ends leaves first, and one that has left ends: what a coordinated shutdown does of the cluster.</summary>
internal static class ClusterShutdown
{
    internal static void Register(Cluster cluster, ClusterNode node, CoordinatedShutdown shutdown)
    {
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "leave", async () =>
        {
            node.Leave();
            await When(node, view => view.End is not null || view.SelfMember?.Status is NodeStatus.Exiting);
            return Done.Instance;
        });

        // Between them is what hands over: singletons have their task in the phase of exiting.
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterExitingDone, "exiting-completed", async () =>
        {
            node.ConfirmExit();
            await When(node, view => view.End is not null);
            return Done.Instance;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterShutdown, "end-node", async () =>
        {
            await node.DisposeAsync();
            return Done.Instance;
        });

        // A system that is ended without a shutdown says nothing to anybody: others notice.
        cluster.System.RegisterOnTermination(() => _ = node.DisposeAsync().AsTask());
    }

    internal static void OnChanged(ActorSystem system, MembershipView before, MembershipView view)
    {
        if (before.SelfMember?.Status is not NodeStatus.Exiting && view.SelfMember?.Status is NodeStatus.Exiting)
        {
            _ = CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
        }
    }

    private static async Task When(ClusterNode node, Func<MembershipView, bool> condition)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Changed += Look;
        try
        {
            Look(node.View, node.View);
            await met.Task;
        }
        finally
        {
            node.Changed -= Look;
        }

        void Look(MembershipView before, MembershipView view)
        {
            if (condition(view))
            {
                met.TrySetResult();
            }
        }
    }
}
