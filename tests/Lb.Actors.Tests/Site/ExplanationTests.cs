using System.Net;
using Lb.Kernel;

namespace Lb.Actors.Tests;

/// <summary>Where a flow goes and why, as the actors tell it.</summary>
public class ExplanationTests
{
    private static readonly IPAddress Client = IPAddress.Parse("198.51.100.7");

    [Fact]
    public void A_backend_that_fails_is_the_cause_of_what_its_slots_became()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)));
        var before = node.Table();
        node.Prober.Down(1);
        node.WaitFor(() => node.Table().All(slot => slot.Current == 2), "backend 1 has no slot");

        FlowExplanation moved = Find(node, story => before[story.Slot].Current == 1);
        Assert.Equal("b1 is down", $"{Assert.Single(moved.Story!.Change!.Causes)}");
        Assert.Equal(HealthVerdict.Down, moved.Story.Find(Configs.Socket(1))!.Verdict);
        Assert.NotNull(moved.Story.Find(Configs.Socket(1))!.Since);
        Assert.Equal(Configs.Socket(2), moved.SocketOf(moved.Choices[0].Value.Backend));
        Assert.True(moved.Trace.Slot!.Value.IsClean);
        Assert.Empty(moved.Differences);
        FlowExplanation stayed = Find(node, story => before[story.Slot].Current == 2);
        Assert.True(stayed.Story!.ChangedAt < moved.Story.ChangedAt);
        Assert.Contains(stayed.Story.Change!.Causes, cause => cause is TableCause.Configured or TableCause.Judged);
    }

    [Fact]
    public void A_drained_backend_keeps_older_flows_and_the_revision_is_the_cause()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2)).Unchecked());
        long revision = node.Run(new SiteChange.BackendAdminSet("web", "b1", BackendAdmin.Drain)).Revision;
        node.WaitFor(() => node.Table().All(slot => slot.Current == 2), "new flows go to backend 2");

        FlowExplanation moved = Find(node, story => story.Previous is not null);
        Assert.Equal(new TableCause.Configured(revision), Assert.Single(moved.Story!.Change!.Causes));
        Assert.Equal(
            [(FlowPacket.Syn, FlowReason.NewFlow, Configs.Socket(2)), (FlowPacket.Segment, FlowReason.Older, Configs.Socket(1))],
            moved.Choices.Select(choice => (choice.Key, choice.Value.Reason, moved.SocketOf(choice.Value.Backend)!.Value)));
        Assert.NotNull(moved.Story.MovedFor);
        Assert.Equal(TimeSpan.FromMinutes(15), moved.Story.Memory);
    }

    [Fact]
    public void After_a_restart_causes_from_before_are_not_invented()
    {
        FlowExplanation after;
        using (Node first = Node.Start(Configs.Service(Configs.Backend(1), Configs.Backend(2))))
        {
            using Node second = new(first.Config, before: first);
            second.WaitFor(() => second.Web().Written > 0, "the second node has taken over");
            after = Find(second, _ => true);
        }

        Assert.Equal(0, after.Story!.ChangedAt);
        Assert.Null(after.Story.Change);
        Assert.Null(after.Story.Find(Configs.Socket(1))!.Since);
    }

    [Fact]
    public void What_is_no_service_and_what_is_not_in_the_kernel_are_told_apart()
    {
        using Node node = Node.Start(Configs.Service(Configs.Backend(1)));
        var stranger = (FlowExplanation)node.Ask(new ExplainFlow(Flow(1) with { VipPort = 81 }));
        Assert.Null(stranger.Trace.Service);
        Assert.True(stranger.Trace.IsVip);
        Assert.Equal(FlowReason.NoService, stranger.Choices[0].Value.Reason);
        Assert.Null(stranger.Choices[0].Value.Verdict);
        Assert.Empty(stranger.Differences);
    }

    private static Flow Flow(ushort port) => new(Client, port, Configs.Vip.Address, Configs.Vip.Port, Configs.Vip.Protocol);

    private static FlowExplanation Find(Node node, Func<SlotStory, bool> wanted)
    {
        for (ushort port = 1; port < 2000; port++)
        {
            var explained = (FlowExplanation)node.Ask(new ExplainFlow(Flow(port)));
            if (wanted(explained.Story!))
            {
                return explained;
            }
        }

        throw new InvalidOperationException("No flow is on such a slot.");
    }
}
