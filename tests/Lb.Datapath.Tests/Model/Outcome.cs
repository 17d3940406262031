using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>The answer to one packet: the action and the frame it applies to.</summary>
internal readonly record struct Outcome(XdpAction Action, byte[] Bytes);
