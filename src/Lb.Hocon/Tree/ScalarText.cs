namespace Lb.Hocon.Tree;

/// <summary>What a scalar becomes in a concatenation of strings: itself as it was written.</summary>
internal static class ScalarText
{
    public static string Of(HoconValue scalar) => scalar switch
    {
        HoconString s => s.Value,
        HoconNumber n => n.Text,
        _ => scalar.Describe(),
    };
}
