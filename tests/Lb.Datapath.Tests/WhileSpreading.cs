using Lb.Datapath.Tests.Cases;
using Lb.Datapath.Tests.Lab;
using Xunit;

namespace Lb.Datapath.Tests;

// Named packets once more, through lb_spread: with what it keeps it has to do what lb_xdp does.

[Collection(SpreadTestbed.Name)]
public sealed class NatWhileSpreadingTests(SpreadTestbed bed) : NatTests(bed);

[Collection(SpreadTestbed.Name)]
public sealed class ReplyWhileSpreadingTests(SpreadTestbed bed) : ReplyTests(bed);

[Collection(SpreadTestbed.Name)]
public sealed class FragmentWhileSpreadingTests(SpreadTestbed bed) : FragmentTests(bed);

[Collection(SpreadTestbed.Name)]
public sealed class FullNatWhileSpreadingTests(SpreadTestbed bed) : FullNatTests(bed);

[Collection(SpreadTestbed.Name)]
public sealed class RelayedWhileSpreadingTests(SpreadTestbed bed) : RelayedTests(bed);

[Collection(SpreadTestbed.Name)]
public sealed class NotOursWhileSpreadingTests(SpreadTestbed bed) : NotOursTests(bed);
