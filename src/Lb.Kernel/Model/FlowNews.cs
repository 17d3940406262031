using Lb.Kernel.Layout;

namespace Lb.Kernel;

/// <summary>How it is known where a flow goes that got an entry.</summary>
[BtfType("lb_news_kind", Prefix = "LB_NEWS_")]
public enum FlowNewsKind : byte
{
    /// <summary>TCP, SCTP: its SYN, its INIT was seen, and more now.</summary>
    Opened = 1,

    /// <summary>It was not known: what the slot says of such flows.</summary>
    Found = 2,
}

/// <summary>The program has made an entry of an established flow.</summary>
/// <param name="Flow">The five-tuple, client to VIP.</param>
/// <param name="Service">Service id.</param>
/// <param name="Backend">Backend index.</param>
/// <param name="Kind">How that is known.</param>
public readonly record struct FlowNews(Flow Flow, uint Service, uint Backend, FlowNewsKind Kind);

/// <summary>What the kernel counts of the news.</summary>
/// <param name="Written">Records handed to user space.</param>
/// <param name="NoRoom">Records lost because the ring buffer was full.</param>
public readonly record struct FlowNewsCounts(ulong Written, ulong NoRoom);

/// <summary>An entry that another node has made.</summary>
/// <param name="Flow">The five-tuple, client to VIP.</param>
/// <param name="Service">Service id.</param>
/// <param name="Backend">Backend index.</param>
/// <param name="Slot">Its slot in the service's table.</param>
/// <param name="Idle">Time since its last packet there.</param>
/// <param name="Replaces">What is known of the flow already gives way.</param>
public readonly record struct FlowCopy(Flow Flow, uint Service, uint Backend, uint Slot, TimeSpan Idle, bool Replaces);
