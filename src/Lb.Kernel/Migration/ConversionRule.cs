namespace Lb.Kernel.Migration;

/// <summary>Says how values of one type become values of another, or which member cannot.</summary>
internal sealed class ConversionRule
{
    /// <summary>Steps of one type, so that arrays of arrays end.</summary>
    private const int MostSteps = 1 << 16;

    private readonly List<ConversionStep> _steps = [];
    private bool _leavesOut;

    private ConversionRule()
    {
    }

    /// <summary>Plans a conversion.</summary>
    /// <param name="old">The type that is there.</param>
    /// <param name="wanted">The type that is to be.</param>
    /// <param name="name">What the whole is called.</param>
    /// <param name="problem">Which member cannot be converted, and why.</param>
    /// <returns>Null when it cannot be.</returns>
    public static Conversion? Plan(DataType old, DataType wanted, string name, out string? problem)
    {
        var rule = new ConversionRule();
        problem = rule.Convert(old, wanted, old is StructType { Name: { Length: > 0 } named } ? named : name, 0, 0);
        return problem is null ? new Conversion(old.Size, wanted.Size, Join(rule._steps), rule._leavesOut) : null;
    }

    /// <summary>Whether two types are the same but for names of the types themselves.</summary>
    public static bool AreSame(DataType one, DataType other) => (one, other) switch
    {
        (StructType a, StructType b) => a.IsUnion == b.IsUnion && a.Size == b.Size && a.Members.Count == b.Members.Count
            && a.Members.Zip(b.Members).All(pair => pair.First.Name == pair.Second.Name
                && pair.First.Offset == pair.Second.Offset && AreSame(pair.First.Type, pair.Second.Type)),
        (ArrayType a, ArrayType b) => a.Count == b.Count && AreSame(a.Element, b.Element),
        _ => one.Equals(other),
    };

    private string? Convert(DataType old, DataType wanted, string path, int from, int to)
    {
        if (_steps.Count > MostSteps)
        {
            return $"{path} has more members than are looked at";
        }

        switch (old, wanted)
        {
            case (StructType { IsUnion: false } before, StructType { IsUnion: false } after):
                return ConvertMembers(before, after, path, from, to);
            case (StructType { IsUnion: true } before, StructType { IsUnion: true } after):
                return ConvertUnion(before, after, path, from, to);
            case (ArrayType before, ArrayType after):
                return ConvertElements(before, after, path, from, to);
            case (NumberType before, NumberType after):
                _steps.Add(before == after
                    ? ConversionStep.Copy(path, from, to, before.Size)
                    : new ConversionStep(path, from, to, before.Size, before, after));
                return null;
            case (OpaqueType before, OpaqueType after) when before == after:
                _steps.Add(ConversionStep.Copy(path, from, to, before.Size));
                return null;
            default:
                return $"{path} is {old.Kind} there and {wanted.Kind} here";
        }
    }

    private string? ConvertMembers(StructType old, StructType wanted, string path, int from, int to)
    {
        foreach (DataMember before in old.Members.Where(member => !member.IsPadding))
        {
            DataMember? after = wanted.Members.FirstOrDefault(member => member.Name == before.Name);
            if (after is null)
            {
                _leavesOut = true;
            }
            else if (Convert(before.Type, after.Type, $"{path}.{before.Name}", from + before.Offset, to + after.Offset) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>Which member is in force is not known: all that both have must be as it was.</summary>
    private string? ConvertUnion(StructType old, StructType wanted, string path, int from, int to)
    {
        DataMember? changed = old.Members.FirstOrDefault(
            before => wanted.Members.Any(after => after.Name == before.Name && !AreSame(after.Type, before.Type)));
        if (changed is not null)
        {
            return $"{path}.{changed.Name} has changed, and is in a union, which does not say whether it holds it";
        }

        CopyWithEnd(path, from, to, old.Size, wanted.Size);
        return null;
    }

    private string? ConvertElements(ArrayType old, ArrayType wanted, string path, int from, int to)
    {
        if (AreSame(old.Element, wanted.Element))
        {
            CopyWithEnd(path, from, to, old.Size, wanted.Size);
            return null;
        }

        int common = Math.Min(old.Count, wanted.Count);
        for (int i = 0; i < common; i++)
        {
            int before = from + (i * old.Element.Size);
            int after = to + (i * wanted.Element.Size);
            if (Convert(old.Element, wanted.Element, $"{path}[{i}]", before, after) is { } problem)
            {
                return problem;
            }
        }

        AddEnd(path, from + (common * old.Element.Size), from + old.Size);
        return null;
    }

    private void CopyWithEnd(string path, int from, int to, int oldSize, int newSize)
    {
        int common = Math.Min(oldSize, newSize);
        _steps.Add(ConversionStep.Copy(path, from, to, common));
        AddEnd(path, from + common, from + oldSize);
    }

    private void AddEnd(string path, int from, int end)
    {
        if (from < end)
        {
            _steps.Add(new ConversionStep(path, from, 0, end - from, IsEnd: true));
        }
    }

    /// <summary>Makes one copy of those that follow each other in both.</summary>
    private static List<ConversionStep> Join(IEnumerable<ConversionStep> steps)
    {
        List<ConversionStep> joined = [];
        foreach (ConversionStep step in steps)
        {
            if (joined is [.., { Old: null, IsEnd: false } last] && step is { Old: null, IsEnd: false }
                && last.From + last.Length == step.From && last.To + last.Length == step.To)
            {
                joined[^1] = last with { Length = last.Length + step.Length };
            }
            else
            {
                joined.Add(step);
            }
        }

        return joined;
    }
}
