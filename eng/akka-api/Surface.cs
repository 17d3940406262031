using System.Reflection;
using System.Runtime.Loader;

namespace Lb.AkkaApi;

/// <summary>The public types of the assemblies in a folder.</summary>
internal sealed class Surface
{
    private Surface(IEnumerable<Type> types) =>
        Types = types.GroupBy(type => type.FullName!).ToDictionary(group => group.Key, group => group.First());

    public IReadOnlyDictionary<string, Type> Types { get; }

    public int MemberCount => Types.Values.Sum(type => Description.MembersOf(type).Count());

    /// <summary>Loads the assemblies whose name is wanted, each folder for itself.</summary>
    public static Surface Load(string folder, Func<string, bool> wanted)
    {
        Folder assemblies = new(Path.GetFullPath(folder));
        return new Surface(Directory.EnumerateFiles(folder, "*.dll")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(wanted)
            .Order(StringComparer.Ordinal)
            .SelectMany(name => assemblies.LoadFromAssemblyName(new AssemblyName(name)).GetExportedTypes()));
    }

    private sealed class Folder(string path) : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            Path.Combine(path, $"{assemblyName.Name}.dll") is string file && File.Exists(file)
                ? LoadFromAssemblyPath(file)
                : null;
    }
}
