namespace Lb.Cluster.Certificates;

/// <summary>Why a certificate is not taken.</summary>
public enum RefusalReason
{
    /// <summary>None was shown.</summary>
    NoCertificate,

    /// <summary>None of the cluster's authorities issued it.</summary>
    WrongAuthority,

    /// <summary>Its time, or that of its authority, is over.</summary>
    Expired,

    /// <summary>Its time has not come.</summary>
    NotYetValid,

    /// <summary>It is for nodes of another cluster.</summary>
    OtherCluster,

    /// <summary>It names no address, so it is no node's.</summary>
    NoHost,

    /// <summary>It is for another node.</summary>
    WrongHost,

    /// <summary>It is not for clients, or not for servers; or otherwise not fit.</summary>
    WrongUse,
}

/// <summary>A certificate is not taken.</summary>
/// <param name="Reason">Why.</param>
/// <param name="What">What is wrong with it: a sentence without its end.</param>
/// <param name="Mend">What to do about it: a sentence without its end.</param>
public sealed record CertificateRefusal(RefusalReason Reason, string What, string Mend)
{
    /// <inheritdoc/>
    public override string ToString() => $"{What}; {Mend}";
}
