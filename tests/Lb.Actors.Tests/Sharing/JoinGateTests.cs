using Lb.Testing;

namespace Lb.Actors.Tests.Sharing;

/// <summary>A node that starts answers for no VIP before it has caught up, and not for ever.</summary>
public sealed class JoinGateTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void It_opens_when_all_parts_have_caught_up_and_stays_open()
    {
        JoinGate gate = new(_clock);
        Assert.NotNull(gate.Missing);
        gate.Set(JoinGate.JoinPart.Flows, null);
        gate.Set(JoinGate.JoinPart.Verdicts, "verdicts");
        Assert.Equal("verdicts", gate.Missing);
        Assert.Null(gate.Set(JoinGate.JoinPart.Verdicts, null));
        Assert.Null(gate.Missing);
        gate.Set(JoinGate.JoinPart.Flows, "flows");
        Assert.Null(gate.Missing);
    }

    [Fact]
    public void When_its_time_is_over_it_opens_and_says_once_what_was_missing()
    {
        JoinGate gate = new(_clock);
        Assert.Null(gate.Set(JoinGate.JoinPart.Flows, null));
        Assert.Null(gate.Set(JoinGate.JoinPart.Verdicts, "verdicts"));
        _clock.Advance(ShareTimes.Gate);
        Assert.Null(gate.Missing);
        Assert.Equal("verdicts", gate.Set(JoinGate.JoinPart.Verdicts, "verdicts"));
        Assert.Null(gate.Set(JoinGate.JoinPart.Verdicts, "verdicts"));
        Assert.Null(gate.Missing);
    }
}
