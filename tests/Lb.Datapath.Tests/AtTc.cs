using Lb.Datapath.Tests.Cases;
using Lb.Datapath.Tests.Fuzz;
using Lb.Datapath.Tests.Lab;
using Xunit;
using Xunit.Abstractions;

namespace Lb.Datapath.Tests;

// The named packets and the random ones once more, through lb_forward: it has to do with each what lb_xdp does.

[Collection(TcTestbed.Name)]
public sealed class NatAtTcTests(TcTestbed bed) : NatTests(bed);

[Collection(TcTestbed.Name)]
public sealed class NatRangeAtTcTests(TcTestbed bed) : NatRangeTests(bed);

[Collection(TcTestbed.Name)]
public sealed class ReplyAtTcTests(TcTestbed bed) : ReplyTests(bed);

[Collection(TcTestbed.Name)]
public sealed class ReplyErrorAtTcTests(TcTestbed bed) : ReplyErrorTests(bed);

[Collection(TcTestbed.Name)]
public sealed class IcmpErrorAtTcTests(TcTestbed bed) : IcmpErrorTests(bed);

[Collection(TcTestbed.Name)]
public sealed class EchoAtTcTests(TcTestbed bed) : EchoTests(bed);

[Collection(TcTestbed.Name)]
public sealed class TooBigAtTcTests(TcTestbed bed) : TooBigTests(bed);

[Collection(TcTestbed.Name)]
public sealed class FragmentAtTcTests(TcTestbed bed) : FragmentTests(bed);

[Collection(TcTestbed.Name)]
public sealed class FragmentAndOptionAtTcTests(TcTestbed bed) : FragmentAndOptionTests(bed);

[Collection(TcTestbed.Name)]
public sealed class FullNatAtTcTests(TcTestbed bed) : FullNatTests(bed);

[Collection(TcTestbed.Name)]
public sealed class MalformedAtTcTests(TcTestbed bed) : MalformedTests(bed);

[Collection(TcTestbed.Name)]
public sealed class NotOursAtTcTests(TcTestbed bed) : NotOursTests(bed);

[Collection(TcTestbed.Name)]
public sealed class RefusalAtTcTests(TcTestbed bed) : RefusalTests(bed);

[Collection(TcTestbed.Name)]
public sealed class TunnelAtTcTests(TcTestbed bed) : TunnelTests(bed);

[Collection(TcTestbed.Name)]
public sealed class MssAtTcTests(TcTestbed bed) : MssTests(bed);

[Collection(TcTestbed.Name)]
public sealed class CleanSlotAtTcTests(TcTestbed bed) : CleanSlotTests(bed);

[Collection(TcTestbed.Name)]
public sealed class MovedSlotTcpAtTcTests(TcTestbed bed) : MovedSlotTcpTests(bed);

[Collection(TcTestbed.Name)]
public sealed class MovedSlotUdpAtTcTests(TcTestbed bed) : MovedSlotUdpTests(bed);

[Collection(TcTestbed.Name)]
public sealed class SctpAtTcTests(TcTestbed bed) : SctpTests(bed);

[Collection(TcTestbed.Name)]
public sealed class SctpLogAtTcTests(TcTestbed bed) : SctpLogTests(bed);

[Collection(TcTestbed.Name)]
public sealed class MovedServiceAtTcTests(TcTestbed bed) : MovedServiceTests(bed);

[Collection(TcTestbed.Name)]
public sealed class RelayedAtTcTests(TcTestbed bed) : RelayedTests(bed);

[Collection(TcTestbed.Name)]
public sealed class AffinityAtTcTests(TcTestbed bed) : AffinityTests(bed);

[Collection(TcTestbed.Name)]
public sealed class ResetAtTcTests(TcTestbed bed) : ResetTests(bed);

[Collection(TcTestbed.Name)]
public sealed class AffinityTimeoutAtTcTests(TcTestbed bed) : AffinityTimeoutTests(bed);

[Collection(TcTestbed.Name)]
public sealed class QuicAtTcTests(TcTestbed bed) : QuicTests(bed);

[Collection(TcTestbed.Name)]
public sealed class FullTrackingAtTcTests(TcTestbed bed) : FullTrackingTests(bed);

[Collection(TcTestbed.Name)]
public sealed class FlowLogAtTcTests(TcTestbed bed) : FlowLogTests(bed);

[Collection(TcTestbed.Name)]
public sealed class FlowNewsAtTcTests(TcTestbed bed) : FlowNewsTests(bed);

[Collection(TcTestbed.Name)]
public sealed class ChecksumSweepAtTcTests(TcTestbed bed) : ChecksumSweepTests(bed);

[Collection(TcTestbed.RandomName)]
public sealed class DifferentialAtTcTests(TcTestbed bed, ITestOutputHelper output) : DifferentialTests(bed, output)
{
    /// <summary>The rules are the same as those of lb_xdp, which more are sent through.</summary>
    private protected override int DefaultCount => 500_000;
}
