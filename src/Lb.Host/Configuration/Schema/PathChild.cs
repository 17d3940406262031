using Lb.Hocon;

namespace Lb.Host.Configuration;

internal static class PathChild
{
    public static HoconPath Child(this HoconPath path, string name) => new([.. path.Elements, name]);
}
