using Lb.Kernel;
using Xunit;

namespace Lb.Datapath.Tests.Lab;

/// <summary>The same at traffic control: <c>lb_forward</c> with everything flagged as its own.</summary>
public sealed class TcTestbed : Testbed
{
    public new const string Name = "datapath-tc";

    /// <summary>Of one for random worlds, which leave tables of their own.</summary>
    public const string RandomName = "datapath-tc-random";

    public TcTestbed()
        : base(Hook.Tc)
    {
    }
}

[CollectionDefinition(TcTestbed.Name)]
public sealed class TcTestbedDefinition : ICollectionFixture<TcTestbed>;

[CollectionDefinition(TcTestbed.RandomName)]
public sealed class TcRandomTestbedDefinition : ICollectionFixture<TcTestbed>;
