using Lb.Netns.Tests.Scenarios;

namespace Lb.Netns.Tests.Tc;

/// <summary>Real clients reach real servers in every mode, family and protocol, at traffic control.</summary>
public sealed class TcForwardingTests(TcBed bed) : ForwardingTests(bed), IClassFixture<TcBed>;
