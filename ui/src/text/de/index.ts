import account from "./account.json";
import common from "./common.json";
import instance from "./instance.json";
import operator from "./operator.json";
import publicPages from "./public.json";
import reference from "./reference.json";
import shell from "./shell.json";
import system from "./system.json";
import wizard from "./wizard.json";

export default { account, common, instance, operator, public: publicPages, reference, shell, system, wizard };
