import { FormGroup } from '@angular/forms';

/**
 * Run the validators of a form that is about to be sent, and show what they find; returns true if it may be sent.
 * What a server refused before does not count: it may accept it now.
 */
export function check(form: FormGroup): boolean {
  forgetRefusals(form);
  form.markAllAsTouched();
  return form.valid;
}

/** Run the validators of a form again, so that only what they find counts, and not what a server refused. */
export function forgetRefusals(form: FormGroup): void {
  for (const control of Object.values(form.controls)) control.updateValueAndValidity({ emitEvent: false });
}
