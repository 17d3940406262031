namespace Lb.Kernel.Relays;

/// <summary>Whether a flow is among those that are logged, as the programs decide it (<c>bpf/lib/flowlog.h</c>). Pure.</summary>
internal static class FlowSampling
{
    /// <summary>Whether a flow is taken.</summary>
    /// <param name="logging">What the service asks for.</param>
    /// <param name="hash">The flow's hash.</param>
    /// <param name="oneIn">Sampled services log one flow in so many.</param>
    public static bool Takes(FlowLogging logging, uint hash, int oneIn) => logging switch
    {
        FlowLogging.Full => true,
        FlowLogging.Sampled => ((ulong)unchecked(hash * 0x9e37_79b1u) * (uint)oneIn) >> 32 == 0,
        _ => false,
    };
}
