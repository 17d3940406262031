namespace Lb.AkkaApi;

/// <summary>Finds what one surface has and the other has not, or has otherwise.</summary>
internal static class Comparison
{
    public static IEnumerable<string> Of(Surface ours, Surface theirs) =>
        ours.Types.Values.OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(type =>
            theirs.Types.TryGetValue(type.FullName!, out Type? official)
                ? OfType(type, official)
                : [$"{type.FullName}: there is no such type"]);

    private static IEnumerable<string> OfType(Type ours, Type theirs)
    {
        string kind = Description.KindOf(ours);
        if (kind != Description.KindOf(theirs))
        {
            yield return $"{ours.FullName}: is {kind}, not {Description.KindOf(theirs)}";
        }

        HashSet<Member> official = [.. Description.WithInherited(theirs)];
        foreach (Member member in Description.MembersOf(ours).Where(member => !official.Contains(member)))
        {
            string[] overloads = [.. official.Where(other => other.Name == member.Name).Select(other => other.Text)];
            yield return overloads.Length == 0
                ? $"{ours.FullName}: there is no {member.Text}"
                : $"{ours.FullName}: {member.Text}, but there{string.Concat(overloads.Select(text => $"\n    {text}"))}";
        }
    }
}
