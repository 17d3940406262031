using Akka;
using Akka.Actor;
using Lb.Cluster.Database;
using Lb.Cluster.Leases;
using Lb.Cluster.Membership;
using Lb.Host.Configuration;
using Lb.Host.Logging;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Running;

/// <summary>The node's part in a cluster, if it has one.</summary>
internal sealed class ClusterPart : IAsyncDisposable
{
    /// <summary>How long an end waits for the others to know of it; a database that is away is not waited for longer.</summary>
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(3);

    private readonly ILogger _log;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Prepares it; without options the node is alone.</summary>
    /// <exception cref="NodeFailure">The address, the certificates or the database's folder cannot be had.</exception>
    public ClusterPart(ClusterOptions? options, ILogger log)
    {
        _log = log;
        if (options is null)
        {
            return;
        }

        (string provider, string connection) = options.OpenDatabase();
        ClusterDatabase database = ClusterDatabase.Of(provider, connection);
        Leases = new SqlLeaseTable(database, TimeProvider.System);
        MembershipOptions membership = new()
        {
            Address = $"{options.Address}",
            Roles = options.Roles,
            AppVersion = BuildVersion.Text,
        };
        Transport = new NodeTransport(options, log, TimeProvider.System);
        Node = new ClusterNode(
            membership,
            new SqlMembershipTable(database, options.Name, TimeProvider.System),
            Transport.Transport,
            TimeProvider.System);
        Node.Changed += OnChanged;
    }

    /// <summary>The node as a member; null when it is alone.</summary>
    public ClusterNode? Node { get; }

    /// <summary>How the node talks to others; null when it is alone.</summary>
    public NodeTransport? Transport { get; }

    /// <summary>The leases of the cluster; null when the node is alone.</summary>
    public SqlLeaseTable? Leases { get; }

    /// <summary>Hands over what the node has before it is out, when it was told to leave.</summary>
    public Func<Task> HandOver { get; set; } = static () => Task.CompletedTask;

    /// <summary>Takes part from now on, and leaves when the system's shutdown comes to that.</summary>
    public async Task StartAsync(ActorSystem system)
    {
        if (Node is null)
        {
            return;
        }

        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseClusterLeave, "cluster-part", LeaveAsync);
        try
        {
            await Node.StartAsync();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw NodeTransport.CannotBind(Node.Address, e);
        }

        Node.Join();
    }

    public async ValueTask DisposeAsync()
    {
        if (Node is not null)
        {
            await Node.DisposeAsync();
        }
    }

    private async Task ExitAsync()
    {
        await HandOver();
        Node!.ConfirmExit();
    }

    private async Task<Done> LeaveAsync()
    {
        Node!.Leave();
        Node.ConfirmExit();
        try
        {
            await _left.Task.WaitAsync(LeaveTime);
        }
        catch (TimeoutException)
        {
            _log.ClusterNotLeft();
        }

        await Node.DisposeAsync();
        return Done.Instance;
    }

    private void OnChanged(MembershipView before, MembershipView now)
    {
        foreach (ClusterMember gone in before.State.Members.Values.Where(member => now.State.Find(member.Id) is null))
        {
            _log.MemberGone(gone.Id, gone.Status);
        }

        foreach (ClusterMember member in now.State.Members.Values.Where(
            member => before.State.Find(member.Id)?.Status != member.Status))
        {
            _log.MemberIs(member.Id, member.Status);
        }

        foreach (NodeId lost in now.Unreachable.Keys.Where(id => !before.Unreachable.ContainsKey(id)))
        {
            _log.MemberUnreachable(lost);
        }

        foreach (NodeId found in before.Unreachable.Keys.Where(
            id => !now.Unreachable.ContainsKey(id) && now.State.Find(id) is not null))
        {
            _log.MemberReachable(found);
        }

        if (before.Self is { } self && now is { Self: null, End: null })
        {
            _log.GivenUp(self);
        }

        if (now.Problem != before.Problem && now.Problem is { } problem)
        {
            _log.ClusterProblem(problem);
        }
        else if (now.Problem is null && before.Problem is not null)
        {
            _log.ClusterWell();
        }

        if (now.SelfMember?.Status is NodeStatus.Exiting && before.SelfMember?.Status is not NodeStatus.Exiting)
        {
            // Somebody had it leave.
            _ = Task.Run(ExitAsync);
        }

        if (now.End is { } end && before.End is null)
        {
            _log.ClusterEnded(end);
            _left.TrySetResult();

            // The address may be another process's by now.
            _ = Task.Run(async () => await DisposeAsync());
        }
    }
}
