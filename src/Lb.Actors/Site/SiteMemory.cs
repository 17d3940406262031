namespace Lb.Actors;

/// <summary>
/// The file that the site was started with, until it has become a revision. It lives beside the actor, so that a crash
/// of the site does not apply it a second time.
/// </summary>
public sealed class SiteMemory(ApplyConfig start)
{
    /// <summary>Name of the site, for as long as it runs.</summary>
    public string Site { get; } = start.Config.Name;

    /// <summary>What is still to be applied; only the site's actor sets it.</summary>
    public ApplyConfig? Start { get; set; } = start;

    /// <summary>The node's own file as it was read last; only the site's actor sets it.</summary>
    public ApplyConfig File { get; set; } = start;
}
