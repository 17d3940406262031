using System.Globalization;
using System.Reflection;

namespace Akka.Subset.Surface.Tests;

/// <summary>Names of types and values as C# writes them.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(object)] = "object",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(string)] = "string",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
        [typeof(ushort)] = "ushort",
        [typeof(void)] = "void",
    };

    /// <summary>Returns the name of a type; names of the runtime go without their namespace.</summary>
    internal static string Of(Type type)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying) + "?";
        }

        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        return type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true
            ? $"({string.Join(", ", type.GetGenericArguments().Select(Of))})"
            : Qualified(type);
    }

    /// <summary>Returns a value as a literal.</summary>
    internal static string Literal(object? value, Type type) => value switch
    {
        null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        string text => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        bool truth => truth ? "true" : "false",
        Enum known => $"{Of(known.GetType())}.{known}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Argument(Type type)
    {
        var variance = type.IsGenericParameter
            ? type.GenericParameterAttributes & GenericParameterAttributes.VarianceMask
            : GenericParameterAttributes.None;
        return variance switch
        {
            GenericParameterAttributes.Covariant => $"out {type.Name}",
            GenericParameterAttributes.Contravariant => $"in {type.Name}",
            _ => Of(type),
        };
    }

    private static string Qualified(Type type)
    {
        var arguments = type.GetGenericArguments();
        var outer = type.DeclaringType;
        var before = outer?.GetGenericArguments().Length ?? 0;
        var name = type.Name.Split('`')[0];
        if (arguments.Length > before)
        {
            name += $"<{string.Join(", ", arguments[before..].Select(Argument))}>";
        }

        if (outer is not null)
        {
            var closed = outer.IsGenericTypeDefinition ? outer.MakeGenericType(arguments[..before]) : outer;
            return $"{Of(closed)}.{name}";
        }

        return type.Namespace?.StartsWith("Akka", StringComparison.Ordinal) == true ? $"{type.Namespace}.{name}" : name;
    }
}
