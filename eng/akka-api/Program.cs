using Lb.AkkaApi;

if (args is not [string subset, string official])
{
    Console.Error.WriteLine("Akka.Api SUBSET OFFICIAL: the folders of this program built from either source.");
    return 2;
}

Surface ours = Surface.Load(subset, name => name.StartsWith("Akka", StringComparison.Ordinal) && name.Contains("Subset"));
Surface theirs = Surface.Load(
    official,
    name => name.StartsWith("Akka", StringComparison.Ordinal) && !name.Contains("Subset") && name != "Akka.Api");
string[] differences = [.. Comparison.Of(ours, theirs)];
foreach (string difference in differences)
{
    Console.WriteLine(difference);
}

Console.WriteLine($"{ours.Types.Count} types with {ours.MemberCount} members: {differences.Length} unlike Akka.NET's.");
return differences.Length == 0 && ours.Types.Count > 0 ? 0 : 1;
