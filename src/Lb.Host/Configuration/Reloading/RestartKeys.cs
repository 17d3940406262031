using Lb.Hocon;

namespace Lb.Host.Configuration;

/// <summary>Finds what a reload cannot change.</summary>
internal static class RestartKeys
{
    /// <summary>Paths of the keys that need a restart and differ between two resolved documents.</summary>
    public static IEnumerable<string> Differing(HoconObject running, HoconObject wanted) =>
        Paths(SiteKeys.Lb, new HoconPath())
            .Where(path => !Equals(Find(running, path), Find(wanted, path)))
            .Select(path => path.ToString());

    private static HoconValue? Find(HoconObject root, HoconPath path) =>
        root.TryGet(path, out HoconValue? value) ? value : null;

    private static IEnumerable<HoconPath> Paths(SectionKey section, HoconPath parent)
    {
        HoconPath here = parent.Child(section.Name);
        return section.Section.Keys.SelectMany(key => key switch
        {
            SectionKey child => Paths(child, here),
            ValueKey { Restart: true } or ElementsKey { Restart: true } => [here.Child(key.Name)],
            _ => (IEnumerable<HoconPath>)[],
        });
    }
}
