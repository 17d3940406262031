using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Lb.Cluster.Membership;
using Lb.Host.Running;
using Microsoft.AspNetCore.Http;

namespace Lb.Host.Commands;

/// <summary>Commands that have nodes leave a cluster, or give them up.</summary>
internal static class MemberCommands
{
    private const string Address = "address";
    private const string SeeShow = "cluster show lists the members";

    /// <summary>How long the table is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long a member has to leave by itself: longer than others may take to confirm what it hands over.</summary>
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(6);

    /// <summary>After this time it is asked again, as what nodes say to each other may get lost.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    /// <summary>The commands.</summary>
    public static ImmutableArray<Command> All { get; } =
    [
        new Command(
            "leave",
            "Has a member leave the cluster in order: it hands over and takes part no more until its lbd is started again. "
            + "It goes on balancing by its own site file. First the others confirm its flows, and it admits no more connections to relayed "
            + "services and gives its part of their limits back. One that does not do that in 6 s is out all the same.",
            Changes: true,
            [
                new ArgumentSpec(
                    Address, "Address of the member, as in 10.0.0.2:9120; this node unless given.", Positional: true,
                    Hints: MembersAsync),
            ],
            LeaveAsync),
        new Command(
            "down",
            "Gives up a member that does not answer: it is out at once and asked nothing, its singletons and leases go to others "
            + "when they run out. One that runs after all ends what it has and comes back by itself as a new member.",
            Changes: true,
            [
                new ArgumentSpec(
                    Address, "Address of the member, as in 10.0.0.2:9120.", Mandatory: true, Positional: true,
                    Hints: MembersAsync),
            ],
            DownAsync),
    ];

    private static async Task<CommandResult> LeaveAsync(CommandCall call, CancellationToken stop)
    {
        string? address = call.Find(Address) is { } given ? Checked(given) : null;
        ClusterNode node = Node(call);
        ClusterMember member = Member(node, address ?? node.Address);
        bool IsOut(MembershipView view) => view.State.Find(member.Id)?.Status is not (NodeStatus.Joining or NodeStatus.Up);
        string end = string.Empty;
        if (member.Id == node.View.Self)
        {
            LeaveReport report = await call.Context.Leave.LeaveAsync().WaitAsync(stop);
            end = (report.Flushed ? string.Empty : " Not all other nodes had confirmed its flows within 2 s.")
                + (report.Returned ? string.Empty : " Others have its part of limits of relays when its lease is over.");
            await ChangeAsync(node, static () => { }, IsOut, stop);
        }
        else if (!await HasLeftAsync(call.Context.Leave, node, member.Id, IsOut, stop))
        {
            end = " It did not do so itself: entries of its newest flows may be missing, and others have its part of limits of relays "
                + "when its lease is over.";
            await ChangeAsync(node, () => node.Leave(member.Id), IsOut, stop);
        }

        return Say($"{member.Id.Address} leaves the cluster; start its lbd again to have it back.{end}", member);
    }

    /// <summary>Passes it on to the member, which hands over what it has first; whether it has done so.</summary>
    private static async Task<bool> HasLeftAsync(
        OrderlyLeave leave, ClusterNode node, NodeId member, Func<MembershipView, bool> isOut, CancellationToken stop)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!isOut(node.View))
        {
            if (node.View.Unreachable.ContainsKey(member) || TimeProvider.System.GetElapsedTime(began) >= LeaveTime)
            {
                return false;
            }

            leave.Ask(member);
            await WaitAsync(node, isOut, AskAgain, stop);
        }

        return true;
    }

    private static async Task<CommandResult> DownAsync(CommandCall call, CancellationToken stop)
    {
        string address = Checked(call.Text(Address));
        ClusterNode node = Node(call);
        ClusterMember member = Member(node, address);
        if (member.Id == node.View.Self)
        {
            throw CommandFailure.Refused(
                $"{node.Address} is the node that was asked, and it would come back at once", mend: "have it leave: cluster leave");
        }

        await ChangeAsync(
            node, () => node.Down(member.Id), view => view.State.Find(member.Id)?.Status is null or NodeStatus.Down, stop);
        return Say($"{member.Id.Address} is given up.", member);
    }

    private static CommandResult Say(string message, ClusterMember member) => CommandResult.Say(
        message, new JsonObject { ["address"] = member.Id.Address, ["incarnation"] = member.Id.Incarnation });

    private static ClusterNode Node(CommandCall call) => call.Context.Cluster.Node
        ?? throw CommandFailure.Refused("this node is alone", mend: "lb.cluster.host has it take part in a cluster");

    private static string Checked(string address) =>
        IPEndPoint.TryParse(address, out IPEndPoint? endpoint) && endpoint.Port > 0 ? address : throw CommandFailure.Usage(
            $"\"{address}\" is no address of a member", "write address and port, as in 10.0.0.2:9120; " + SeeShow);

    private static ClusterMember Member(ClusterNode node, string address) =>
        node.View.State.Members.GetValueOrDefault(address)
        ?? throw CommandFailure.NotThere($"there is no member {address}", SeeShow);

    private static async Task ChangeAsync(
        ClusterNode node, Action change, Func<MembershipView, bool> isDone, CancellationToken stop)
    {
        Task<bool> done = WaitAsync(node, isDone, Patience, stop);
        change();
        if (!await done)
        {
            throw new CommandFailure(
                StatusCodes.Status503ServiceUnavailable,
                "unconfirmed",
                node.View.Problem is { } problem
                    ? $"the table of members was not changed yet: {problem}"
                    : "the table of members was not changed yet",
                "it is done when the database answers; cluster show tells");
        }
    }

    /// <summary>Waits for members to be so; whether they are in time.</summary>
    private static async Task<bool> WaitAsync(
        ClusterNode node, Func<MembershipView, bool> isSo, TimeSpan patience, CancellationToken stop)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Changed += OnChanged;
        try
        {
            if (!isSo(node.View))
            {
                await done.Task.WaitAsync(patience, stop);
            }

            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            node.Changed -= OnChanged;
        }

        void OnChanged(MembershipView before, MembershipView now)
        {
            if (isSo(now))
            {
                done.TrySetResult();
            }
        }
    }

    private static Task<ImmutableArray<string>> MembersAsync(CommandContext context, CancellationToken stop) =>
        Task.FromResult<ImmutableArray<string>>(
            [.. context.Cluster.Node?.View.State.ByAge.Select(member => member.Id.Address) ?? []]);
}
