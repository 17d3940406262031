using Lb.Kernel;
using Xunit;

namespace Lb.Datapath.Tests.Lab;

/// <summary>The same through <c>lb_spread</c>, which keeps all packets where nobody shares them out.</summary>
public sealed class SpreadTestbed : Testbed
{
    public new const string Name = "datapath-spread";

    public SpreadTestbed()
        : base(Hook.Xdp, spreads: true)
    {
    }
}

[CollectionDefinition(SpreadTestbed.Name)]
public sealed class SpreadTestbedDefinition : ICollectionFixture<SpreadTestbed>;
