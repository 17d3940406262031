namespace Lb.Host.Configuration;

/// <summary>Makes the announcer's options from a configuration that was found right.</summary>
internal static class AnnounceBinder
{
    public static AnnounceOptions Bind(SectionValues lb)
    {
        SectionValues announce = lb.Get(AnnounceKeys.Key);
        string[] named = [.. announce.Get(AnnounceKeys.Interfaces).Select(name => name.Value)];
        return new AnnounceOptions(
            announce.Get(AnnounceKeys.Mode),
            named is [] ? [.. lb.Get(NodeKeys.Interfaces).Select(name => name.Value)] : [.. named],
            [.. announce.Get(AnnounceKeys.Addresses).Select(address => address.Value)],
            announce.Get(AnnounceKeys.Lifetime),
            announce.Get(AnnounceKeys.Prefers));
    }
}
