namespace Lb.Actors;

/// <summary>Where in the kernel packets of a service are forwarded.</summary>
public enum HookChoice
{
    /// <summary>At the earliest place that the node's interfaces have for it.</summary>
    Auto,

    /// <summary>At XDP.</summary>
    Xdp,

    /// <summary>At traffic control.</summary>
    Tc,
}
